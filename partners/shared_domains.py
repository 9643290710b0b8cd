"""Domains that many firms share: they tell nobody apart.

Hosts under a private suffix (firm.github.io, firm.wixsite.com) are told apart by the suffix list
itself; here are the addresses where the firm stands in the path, or where anyone has a mailbox.
"""

FREE_MAIL = """
    gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.de hotmail.fr live.com msn.com
    yahoo.com yahoo.co.uk yahoo.co.jp yahoo.de yahoo.fr yahoo.in ymail.com rocketmail.com aol.com
    icloud.com me.com mac.com proton.me protonmail.com pm.me tutanota.com tuta.com hey.com fastmail.com
    gmx.de gmx.net gmx.com gmx.at gmx.ch web.de freenet.de t-online.de mailbox.org posteo.de
    orange.fr wanadoo.fr free.fr laposte.net libero.it virgilio.it seznam.cz wp.pl o2.pl onet.pl
    mail.ru inbox.ru bk.ru list.ru yandex.ru yandex.com ukr.net qq.com foxmail.com 163.com 126.com
    sina.com naver.com daum.net hanmail.net rediffmail.com zoho.com zohomail.com mail.com email.com
    comcast.net verizon.net att.net sbcglobal.net btinternet.com bigpond.com uol.com.br bol.com.br
"""
SITE_BUILDERS = """
    wix.com wixsite.com squarespace.com weebly.com wordpress.com blogspot.com webflow.io
    godaddysites.com jimdo.com jimdofree.com jimdosite.com strikingly.com carrd.co notion.site notion.so
    sites.google.com docs.google.com drive.google.com business.site page.link linktr.ee bit.ly t.co
    medium.com substack.com tumblr.com hubspotpagebuilder.com myshopify.com
"""
DIRECTORIES = """
    github.com gitlab.com bitbucket.org linkedin.com crunchbase.com facebook.com instagram.com
    twitter.com x.com youtube.com tiktok.com xing.com pinterest.com glassdoor.com g2.com clutch.co
    wikipedia.org bloomberg.com dnb.com zoominfo.com apollo.io angel.co wellfound.com meetup.com
    eventbrite.com maps.google.com goo.gl yelp.com trustpilot.com amazonaws.com appexchange.salesforce.com
"""
SHARED = frozenset(f"{FREE_MAIL} {SITE_BUILDERS} {DIRECTORIES}".split())


def is_shared(host: str) -> bool:
    """Whether the host is one of these or lies under one: "uk.linkedin.com" does."""
    labels = host.split(".")
    return any(".".join(labels[start:]) in SHARED for start in range(len(labels) - 1))
