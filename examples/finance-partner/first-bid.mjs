// A finance partner in one file, Node ≥ 20, no library: sign in, follow the feed, bid on accepted paper, see the money come back.
// node first-bid.mjs [address]       PEYVAND_USER: which demo user to be (default: the factoring company's)
const base = process.argv[2] ?? process.env.PEYVAND ?? 'http://127.0.0.1:8080';
const user = process.env.PEYVAND_USER ?? 'pezhvak.funder';
const deadline = Date.now() + Number(process.env.PEYVAND_WAIT_SECONDS ?? 120) * 1000;

const call = async (method, path, body, token) => {
  const answer = await fetch(base + path, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }),
      'accept-language': 'en',
    },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  const reply = await answer.json();
  // Every error is a problem+json: `detail` says what is wrong and how to mend it.
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${reply.detail ?? reply.title}`);
  return reply;
};

const { access_token: token } = await call('POST', '/api/auth/token', { user });

/** Facts you may see, from now on; `after` is where you stopped, so keep it where you keep your data. */
async function* facts(types, after = 'now') {
  while (Date.now() < deadline) {
    const page = await call('GET', `/api/events?types=${types}&after=${encodeURIComponent(after)}&limit=100`, undefined, token);
    yield* page.items;
    after = page.next ?? after;
    if (page.items.length === 0) await new Promise((resume) => setTimeout(resume, 500));
  }
}

/** Valid as long as the auction, a rate of 20 % without fee: cheap enough to win against the demo's banks. */
const bidOn = async ({ caseId, face, bidUntil }) => {
  const bid = { rate: 2000, fee: '0', maxFace: face, validUntil: bidUntil };
  return (await call('POST', `/api/financing/cases/${caseId}/bids`, bid, token)).bidId;
};

const mine = new Set();
let bought;
for await (const { type, data } of facts('InstrumentAccepted,BidChosen,FundsDisbursed,PaymentCollected')) {
  const name = type.split('.').at(-2);
  if (name === 'InstrumentAccepted' && !bought) {
    // A paper may be past its auction by now: a refusal is an answer, not a failure.
    await bidOn(data).then((bidId) => {
      mine.add(bidId);
      console.log(`bid placed: ${bidId} on ${data.face} rial, due ${data.maturity}`);
    }, (refusal) => console.log(`no bid: ${refusal.message}`));
  } else if (name === 'BidChosen' && mine.has(data.bidId)) {
    console.log(`bid chosen: ${data.net} rial to pay, ${data.days} days to run`);
    bought = data.caseId;
  } else if (name === 'FundsDisbursed' && data.caseId === bought) {
    console.log(`disbursed: ${data.amount} rial; now the clock jumps to maturity`);
    await call('POST', '/api/demo/clock', { advanceDays: 91 }, token);
  } else if (name === 'PaymentCollected' && data.caseId === bought) {
    console.log(`collected: ${data.amount} rial from the buyer`);
    process.exit(0);
  }
}
console.error('nothing was collected in time; is the platform running with its demo world?');
process.exit(1);
