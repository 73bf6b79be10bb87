"""A finance partner in one file, Python >= 3.9, no library: sign in, follow the feed, bid on accepted paper, see the money come back.

python3 first_bid.py [address]     PEYVAND_USER: which demo user to be (default: the factoring company's)
"""
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

BASE = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PEYVAND", "http://127.0.0.1:8080")
USER = os.environ.get("PEYVAND_USER", "pezhvak.funder")
DEADLINE = time.time() + float(os.environ.get("PEYVAND_WAIT_SECONDS", "120"))


def call(method, path, body=None, token=None):
    headers = {"accept-language": "en"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    if body is not None:
        headers |= {"content-type": "application/json", "idempotency-key": str(uuid.uuid4())}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(BASE + path, data=data, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refusal:  # every error is a problem+json
        problem = json.load(refusal)
        raise RuntimeError(f"{method} {path}: {refusal.code} {problem.get('detail') or problem.get('title')}") from None


TOKEN = call("POST", "/api/auth/token", {"user": USER})["access_token"]


def facts(types, after="now"):
    """Facts you may see, from now on; keep `after` where you keep your data."""
    while time.time() < DEADLINE:
        query = urllib.parse.urlencode({"types": types, "after": after, "limit": 100})
        page = call("GET", f"/api/events?{query}", token=TOKEN)
        yield from page["items"]
        after = page.get("next") or after
        if not page["items"]:
            time.sleep(0.5)


mine, bought = set(), None
for fact in facts("InstrumentAccepted,BidChosen,FundsDisbursed,PaymentCollected"):
    name, data = fact["type"].split(".")[-2], fact["data"]
    if name == "InstrumentAccepted" and bought is None:
        try:  # a paper may be past its auction by now
            bid = {"rate": 2000, "fee": "0", "maxFace": data["face"], "validUntil": data["bidUntil"]}
            mine.add(call("POST", f"/api/financing/cases/{data['caseId']}/bids", bid, TOKEN)["bidId"])
            print(f"bid placed on {data['face']} rial, due {data['maturity']}")
        except RuntimeError as refusal:
            print(f"no bid: {refusal}")
    elif name == "BidChosen" and data["bidId"] in mine:
        print(f"bid chosen: {data['net']} rial to pay, {data['days']} days to run")
        bought = data["caseId"]
    elif name == "FundsDisbursed" and data["caseId"] == bought:
        print(f"disbursed: {data['amount']} rial; now the clock jumps to maturity")
        call("POST", "/api/demo/clock", {"advanceDays": 91}, TOKEN)
    elif name == "PaymentCollected" and data["caseId"] == bought:
        print(f"collected: {data['amount']} rial from the buyer")
        sys.exit(0)
sys.exit("nothing was collected in time; is the platform running with its demo world?")
