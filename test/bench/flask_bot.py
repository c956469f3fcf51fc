# What people write when they need a bot: the webhook is checked, the message is fetched, the answer is posted.
#   API_URL=... WEBEX_ACCESS_TOKEN=... WEBHOOK_SECRET=... flask_bot.py PORT
import hashlib
import hmac
import logging
import os
import sys

import requests
from flask import Flask, abort, request

API = os.environ["API_URL"]
SECRET = os.environ["WEBHOOK_SECRET"].encode()
session = requests.Session()
session.headers["Authorization"] = "Bearer " + os.environ["WEBEX_ACCESS_TOKEN"]
me = session.get(API + "/people/me", timeout=10).json()["id"]
logging.getLogger("werkzeug").setLevel(logging.ERROR)
app = Flask(__name__)


@app.post("/webhook")
def webhook():
    expected = hmac.new(SECRET, request.get_data(), hashlib.sha1).hexdigest()
    if not hmac.compare_digest(expected, request.headers.get("X-Spark-Signature", "")):
        abort(403)
    data = request.get_json()["data"]
    if data["personId"] != me:
        message = session.get(API + "/messages/" + data["id"], timeout=10).json()
        _, command, words = message["text"].partition("/echo ")
        if command:
            session.post(API + "/messages", json={"roomId": data["roomId"], "text": words}, timeout=10)
    return "", 204


app.run(port=int(sys.argv[1]), threaded=True)
