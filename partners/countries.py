"""Countries by ISO 3166-1 alpha-2, and what people write for them."""

from functools import cache

from prm.search import fold

_NAMES = """
    AF Afghanistan; AL Albania; DZ Algeria; AS American Samoa; AD Andorra; AO Angola; AI Anguilla;
    AQ Antarctica; AG Antigua and Barbuda; AR Argentina; AM Armenia; AW Aruba; AU Australia; AT Austria;
    AZ Azerbaijan; BS Bahamas; BH Bahrain; BD Bangladesh; BB Barbados; BY Belarus; BE Belgium;
    BZ Belize; BJ Benin; BM Bermuda; BT Bhutan; BO Bolivia; BA Bosnia and Herzegovina; BW Botswana;
    BV Bouvet Island; BR Brazil; IO British Indian Ocean Territory; VG British Virgin Islands;
    BN Brunei; BG Bulgaria; BF Burkina Faso; BI Burundi; CV Cabo Verde; KH Cambodia; CM Cameroon;
    CA Canada; BQ Caribbean Netherlands; KY Cayman Islands; CF Central African Rep.; TD Chad; CL Chile;
    CN China; CX Christmas Island; CC Cocos (Keeling) Islands; CO Colombia; KM Comoros;
    CG Congo (Brazzaville); CD Congo (Kinshasa); CK Cook Islands; CR Costa Rica; HR Croatia; CU Cuba;
    CW Curaçao; CY Cyprus; CZ Czechia; CI Côte d’Ivoire; DK Denmark; DJ Djibouti; DM Dominica;
    DO Dominican Republic; EC Ecuador; EG Egypt; SV El Salvador; GQ Equatorial Guinea; ER Eritrea;
    EE Estonia; SZ Eswatini; ET Ethiopia; FK Falkland Islands; FO Faroe Islands; FJ Fiji; FI Finland;
    FR France; GF French Guiana; PF French Polynesia; TF French Southern Territories; GA Gabon;
    GM Gambia; GE Georgia; DE Germany; GH Ghana; GI Gibraltar; GR Greece; GL Greenland; GD Grenada;
    GP Guadeloupe; GU Guam; GT Guatemala; GG Guernsey; GN Guinea; GW Guinea-Bissau; GY Guyana; HT Haiti;
    HM Heard and McDonald Islands; HN Honduras; HK Hong Kong; HU Hungary; IS Iceland; IN India;
    ID Indonesia; IR Iran; IQ Iraq; IE Ireland; IM Isle of Man; IL Israel; IT Italy; JM Jamaica;
    JP Japan; JE Jersey; JO Jordan; KZ Kazakhstan; KE Kenya; KI Kiribati; KW Kuwait; KG Kyrgyzstan;
    LA Laos; LV Latvia; LB Lebanon; LS Lesotho; LR Liberia; LY Libya; LI Liechtenstein; LT Lithuania;
    LU Luxembourg; MO Macao; MG Madagascar; MW Malawi; MY Malaysia; MV Maldives; ML Mali; MT Malta;
    MH Marshall Islands; MQ Martinique; MR Mauritania; MU Mauritius; YT Mayotte; MX Mexico;
    FM Micronesia; MD Moldova; MC Monaco; MN Mongolia; ME Montenegro; MS Montserrat; MA Morocco;
    MZ Mozambique; MM Myanmar; NA Namibia; NR Nauru; NP Nepal; NL Netherlands; NC New Caledonia;
    NZ New Zealand; NI Nicaragua; NE Niger; NG Nigeria; NU Niue; NF Norfolk Island; KP North Korea;
    MK North Macedonia; MP Northern Mariana Islands; NO Norway; OM Oman; PK Pakistan; PW Palau;
    PS Palestine; PA Panama; PG Papua New Guinea; PY Paraguay; PE Peru; PH Philippines; PN Pitcairn;
    PL Poland; PT Portugal; PR Puerto Rico; QA Qatar; RO Romania; RU Russia; RW Rwanda; RE Réunion;
    BL Saint Barthélemy; SH Saint Helena; KN Saint Kitts and Nevis; LC Saint Lucia; MF Saint Martin;
    PM Saint Pierre and Miquelon; VC Saint Vincent and the Grenadines; WS Samoa; SM San Marino;
    SA Saudi Arabia; SN Senegal; RS Serbia; SC Seychelles; SL Sierra Leone; SG Singapore;
    SX Sint Maarten; SK Slovakia; SI Slovenia; SB Solomon Islands; SO Somalia; ZA South Africa;
    GS South Georgia; KR South Korea; SS South Sudan; ES Spain; LK Sri Lanka; SD Sudan; SR Suriname;
    SJ Svalbard and Jan Mayen; SE Sweden; CH Switzerland; SY Syria; ST São Tomé and Príncipe; TW Taiwan;
    TJ Tajikistan; TZ Tanzania; TH Thailand; TL Timor-Leste; TG Togo; TK Tokelau; TO Tonga;
    TT Trinidad and Tobago; TN Tunisia; TM Turkmenistan; TC Turks and Caicos Islands; TV Tuvalu;
    TR Türkiye; UM US Outlying Islands; VI US Virgin Islands; UG Uganda; UA Ukraine;
    AE United Arab Emirates; GB United Kingdom; US United States; UY Uruguay; UZ Uzbekistan; VU Vanuatu;
    VA Vatican City; VE Venezuela; VN Vietnam; WF Wallis and Futuna; EH Western Sahara; YE Yemen;
    ZM Zambia; ZW Zimbabwe; AX Åland Islands
"""
_ALSO = """
    US usa; US u.s.; US u.s.a.; US america; US united states of america; GB uk; GB u.k.; GB great britain;
    GB britain; GB england; GB scotland; GB wales; GB northern ireland; DE deutschland; DE ger; AT osterreich;
    CH schweiz; CH suisse; CH svizzera; FR fra; ES espana; IT italia; NL the netherlands; NL holland;
    NL nederland; BE belgie; BE belgique; PL polska; CZ czech republic; SE sverige; NO norge; DK danmark;
    FI suomi; JP nippon; KR korea; KR republic of korea; KR korea, republic of; KP dprk; CN prc;
    CN people's republic of china; CN mainland china; HK hong kong sar; TW taiwan, province of china;
    RU russian federation; TR turkey; TR turkiye; VN viet nam; IR iran, islamic republic of; AE uae;
    SA ksa; BR brasil; MX méxico; CI ivory coast; CI cote d'ivoire; CV cape verde; SZ swaziland;
    MK macedonia; TL east timor; MM burma; BO bolivia, plurinational state of;
    VE venezuela, bolivarian republic of;
    TZ tanzania, united republic of; MD moldova, republic of; SY syrian arab republic; LA lao pdr;
    CD democratic republic of the congo; CD drc; CG congo; VA holy see; PS palestinian territories;
    BN brunei darussalam
"""
COUNTRIES: dict[str, str] = {
    entry.strip()[:2]: entry.strip()[3:] for entry in _NAMES.replace("\n", " ").split(";")
}


def name_of(code: str) -> str:
    """The country's name, or the code itself where it is none."""
    return COUNTRIES.get(code, code)


@cache
def _by_word() -> dict[str, str]:
    also = [entry.strip() for entry in _ALSO.replace("\n", " ").split(";")]
    words = {fold(" ".join(entry.split())[3:]): entry[:2] for entry in also}
    return words | {fold(name): code for code, name in COUNTRIES.items()}


def code_of(text: str) -> str:
    """The code for what somebody wrote ("Deutschland", "UK", "us"); "" where nobody knows it."""
    word = " ".join(text.split())
    if len(word) == 2 and word.upper() in COUNTRIES:
        return word.upper()
    return _by_word().get(fold(word), "")
