"""Asks whether the PostgreSQL and Redis that the environment names answer. A step of `.ci/run`."""

import os
import sys

import environ
import psycopg2
import redis

if __name__ == "__main__":
    env = environ.Env()
    database = env.db("DATABASE_URL")
    try:
        psycopg2.connect(
            host=database["HOST"],
            port=database["PORT"] or 5432,
            user=database["USER"],
            password=database["PASSWORD"],
            dbname="postgres",
            connect_timeout=5,
        ).close()
    except psycopg2.OperationalError as error:
        words = " ".join(str(error).split())
        sys.exit(f"PostgreSQL is needed here ({words}): start it, or set CI_DATABASE_URL.")
    try:
        redis.Redis.from_url(os.environ["REDIS_URL"], socket_connect_timeout=5).ping()
    except redis.RedisError as error:
        sys.exit(f"Redis is needed here ({error}): start it, or set CI_REDIS_URL.")
