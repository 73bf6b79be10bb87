import { randomUUID } from 'node:crypto';

const patienceMs = 15_000;

/**
 * Callers by seat: `as(party, role).call(method, service, path, body, key)` answers { status, body }. Status 0: no answer came (the service or
 * the connection died), so nobody knows whether it was done.
 */
export const callersOf = (platform) => {
  const tokens = new Map();
  const tokenOf = (party, role) => {
    const seat = `${party}/${role}`;
    if (!tokens.has(seat)) tokens.set(seat, platform.tokenFor(seat, party, [role]));
    return tokens.get(seat);
  };
  return (party, role) => ({
    party, role,
    call: async (method, service, path, body, key = randomUUID()) => {
      const raw = typeof body === 'string';
      try {
        const response = await fetch(`${platform.urlOf(service)}${path}`, {
          method, signal: AbortSignal.timeout(patienceMs), ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
          headers: { 'authorization': `Bearer ${await tokenOf(party, role)}`, 'accept-language': 'en', 'idempotency-key': key, ...(body === undefined ? {} : { 'content-type': raw ? 'text/csv' : 'application/json' }) },
        });
        const text = await response.text();
        return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
      } catch (error) {
        return { status: 0, body: String(error) };
      }
    },
  });
};

/** Every item of a list, page by page; nothing while the service cannot answer. */
export const listOf = async (caller, service, path) => {
  const items = [];
  for (let cursor; ;) {
    const { status, body } = await caller.call('GET', service, `${path}${path.includes('?') ? '&' : '?'}limit=200${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
    if (status !== 200) return items;
    items.push(...body.items);
    if (body.next === undefined) return items;
    cursor = body.next;
  }
};
