/** Per party and process: requests per second on average, how many may come at once beyond that, and how many may be under way. 0 requests per second: no limit. */
export type RateLimit = { readonly perSecond: number; readonly burst: number; readonly inFlight: number };

/** `left`: requests the party may send now; `waitMs`: until it may send one (0 when it may). */
export type Allowance = { readonly ok: boolean; readonly left: number; readonly waitMs: number };

type Bucket = { tokens: number; at: number; underWay: number };

/** Parties whose buckets are full and idle are forgotten when there are more than this. */
const mostIdle = 10_000;

/**
 * A token bucket and a count of requests under way for each party, so that one that floods waits for itself and not the others for it. Counts
 * within this process: with n replicas behind a balancer a party has n times as much.
 */
export const rateLimits = ({ perSecond, burst, inFlight }: RateLimit, now: () => number = () => performance.now()) => {
  const buckets = new Map<string, Bucket>();
  const fresh = (party: string): Bucket => {
    if (buckets.size >= mostIdle) for (const [other, { underWay, at }] of buckets) if (underWay === 0 && now() - at > (burst / perSecond) * 1_000) buckets.delete(other);
    const bucket = { tokens: burst, at: now(), underWay: 0 };
    buckets.set(party, bucket);
    return bucket;
  };
  const stateOf = (bucket: Bucket): Allowance => {
    const at = now();
    bucket.tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) / 1_000) * perSecond);
    bucket.at = at;
    if (bucket.underWay >= inFlight) return { ok: false, left: 0, waitMs: 1_000 };
    if (bucket.tokens < 1) return { ok: false, left: 0, waitMs: ((1 - bucket.tokens) / perSecond) * 1_000 };
    return { ok: true, left: Math.floor(Math.min(bucket.tokens, inFlight - bucket.underWay)), waitMs: 0 };
  };
  return {
    /** What `enter` would answer a party that is refused now; takes nothing. */
    look(party: string): Allowance {
      const bucket = buckets.get(party);
      return bucket === undefined ? { ok: true, left: Infinity, waitMs: 0 } : stateOf(bucket);
    },
    /** Takes one request's allowance; whoever was let in calls `leave` when it is answered. */
    enter(party: string): Allowance {
      if (perSecond === 0) return { ok: true, left: Infinity, waitMs: 0 };
      const bucket = buckets.get(party) ?? fresh(party);
      const state = stateOf(bucket);
      if (!state.ok) return state;
      bucket.tokens -= 1;
      bucket.underWay += 1;
      return { ok: true, left: Math.floor(Math.min(bucket.tokens, inFlight - bucket.underWay)), waitMs: 0 };
    },
    leave(party: string): void {
      const bucket = buckets.get(party);
      if (bucket !== undefined && bucket.underWay > 0) bucket.underWay -= 1;
    },
    get parties(): number {
      return buckets.size;
    },
  };
};

export type RateLimits = ReturnType<typeof rateLimits>;

/** The fields of draft-ietf-httpapi-ratelimit-headers: the policy (burst within the time it takes to earn it) and what is left of it. */
export const rateLimitFields = ({ perSecond, burst }: RateLimit, { left, waitMs }: Allowance): Record<string, string> => ({
  'ratelimit-policy': `"party";q=${burst};w=${Math.ceil(burst / perSecond)}`,
  'ratelimit': `"party";r=${left};t=${Math.ceil(waitMs / 1_000)}`,
});
