import { Injectable } from '@nestjs/common';
import { LEASE_HELD_MS } from '@uno/workflow-contracts';
import type { RateLeaseReply, RateLeaseRequest } from '@uno/workflow-contracts';
import { Database } from '../database/database.js';
import { prepared } from '../database/sql.js';

/** After a 429 the rate is halved for so long, on top of the pause that the provider asked for. */
const SLOWED_SECONDS = 10;

/**
 * A provider counts any second, not seconds from our clock: what a full bucket gives at once and what flows in during the
 * second after it must together stay within the rate. So little is saved up, and a bit less than the rate flows in; what is left
 * between them covers calls that reach the provider sooner after their lease than others.
 */
const FLOW_SHARE = 0.9;
const BURST_SHARE = 0.08;

/**
 * One row of one key: whatever is asked of whichever bucket, the plan is the same.
 *
 * Leases are given ahead all or none, and leave the bucket half full. It takes nothing in until they are worth nothing
 * (`updated_at` lies in the future): what is held outside and what is in the bucket are together never more than a full one.
 */
const DRAW = prepared(
  `with locked as (
     select *, clock_timestamp() as now from rate_bucket where provider = $1 and key = $2 for update),
   paced as (
     select now, coalesce(blocked_until > now, false) as blocked, blocked_until, tokens, updated_at,
       case when slowed_until > now then $4::float8 / 2 else $4::float8 end as rate from locked),
   sized as (
     select *, rate * ${FLOW_SHARE} as flow, greatest(1, rate * ${BURST_SHARE}) as size,
       extract(epoch from now - updated_at)::float8 as age from paced),
   available as (
     select *, least(size, tokens + flow * greatest(age, 0)) as level from sized),
   drawn as (
     select *, case when blocked then 0 else least(floor(level), $3::float8) end as granted from available),
   given as (
     select *, case when level - granted - $5::float8 >= size / 2 and not blocked then $5::float8 else 0 end as ahead from drawn)
   update rate_bucket b set tokens = d.level - d.granted - d.ahead, rate = d.rate,
     updated_at = greatest(d.now + make_interval(secs => case when d.ahead > 0 then ${LEASE_HELD_MS / 1000} else 0 end), b.updated_at)
   from given d where b.provider = $1 and b.key = $2
   returning d.granted::integer as granted, d.ahead::integer as ahead, ceil(case
     when d.blocked then extract(epoch from d.blocked_until - d.now) * 1000
     when d.level >= 1 then 0 else ((1 - d.level) / d.flow + greatest(-d.age, 0)) * 1000 end)::integer as wait_ms`,
);

/**
 * One token bucket per provider key for all replicas of a service, kept in Postgres: a lease is one statement on one row. In
 * any second at most `requestsPerSecond` leases are granted.
 */
@Injectable()
export class RateLeases {
  constructor(private readonly database: Database) {}

  async lease(request: RateLeaseRequest): Promise<RateLeaseReply> {
    const { throttledForMs } = request;
    if (throttledForMs !== undefined) {
      await this.#create(request);
      await this.#throttle(request, throttledForMs);
      return { granted: 0, retryAfterMs: throttledForMs };
    }
    const drawn = await this.#draw(request);
    if (drawn) return drawn;
    await this.#create(request);
    return (await this.#draw(request)) ?? { granted: 0, retryAfterMs: 100 };
  }

  /** A bucket begins with one token. */
  async #create({ provider, key, requestsPerSecond }: RateLeaseRequest): Promise<void> {
    await this.database.acrossWorkspaces(
      `insert into rate_bucket (provider, key, tokens, rate, updated_at) values ($1, $2, 1, $3, clock_timestamp())
       on conflict do nothing`,
      [provider, key, requestsPerSecond],
    );
  }

  async #throttle({ provider, key, requestsPerSecond }: RateLeaseRequest, forMs: number): Promise<void> {
    await this.database.acrossWorkspaces(
      `update rate_bucket set tokens = 0, rate = $3, updated_at = clock_timestamp(),
         blocked_until = greatest(blocked_until, clock_timestamp() + make_interval(secs => $4)),
         slowed_until = greatest(slowed_until, clock_timestamp() + make_interval(secs => $4 + ${SLOWED_SECONDS}))
       where provider = $1 and key = $2`,
      [provider, key, requestsPerSecond, forMs / 1000],
    );
  }

  async #draw(request: RateLeaseRequest): Promise<RateLeaseReply | undefined> {
    const { provider, key, want, requestsPerSecond, ahead = 0 } = request;
    const [bucket] = await this.database.acrossWorkspaces<{ granted: number; ahead: number; wait_ms: number }>(DRAW, [
      provider,
      key,
      want,
      requestsPerSecond,
      ahead,
    ]);
    if (!bucket) return undefined;
    return { granted: bucket.granted, retryAfterMs: bucket.wait_ms, ...(ahead > 0 && { ahead: bucket.ahead }) };
  }
}
