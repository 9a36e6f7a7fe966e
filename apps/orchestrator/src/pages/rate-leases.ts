import { Injectable } from '@nestjs/common';
import type { RateLeaseReply, RateLeaseRequest } from '@uno/workflow-contracts';
import { Database } from '../database/database.js';

/** After a 429 the rate is halved for so long, on top of the pause that the provider asked for. */
const SLOWED_SECONDS = 10;

/**
 * One token bucket per provider key for all replicas of a service, kept in Postgres: a lease is one statement on one row. A
 * bucket holds at most one second's worth of calls.
 */
@Injectable()
export class RateLeases {
  constructor(private readonly database: Database) {}

  async lease(request: RateLeaseRequest): Promise<RateLeaseReply> {
    const { provider, key, want, requestsPerSecond, throttledForMs } = request;
    const [bucket] = await this.database.acrossWorkspaces<{ granted: number; wait_ms: number }>(
      `insert into rate_bucket as b (provider, key, tokens, rate, blocked_until, slowed_until, updated_at)
       values ($1, $2, greatest($4::float8, 1) - least($3::float8, greatest($4::float8, 1)), $4, null, null, clock_timestamp())
       on conflict (provider, key) do nothing returning least($3::float8, greatest($4::float8, 1))::integer as granted, 0 as wait_ms`,
      [provider, key, throttledForMs === undefined ? want : 0, requestsPerSecond],
    );
    if (bucket && throttledForMs === undefined) return { granted: Math.floor(bucket.granted), retryAfterMs: 0 };
    if (throttledForMs !== undefined) {
      await this.#throttle(request, throttledForMs);
      return { granted: 0, retryAfterMs: throttledForMs };
    }
    return this.#draw(request);
  }

  async #throttle({ provider, key, requestsPerSecond }: RateLeaseRequest, forMs: number): Promise<void> {
    await this.database.acrossWorkspaces(
      `update rate_bucket set tokens = 0, rate = $3, updated_at = clock_timestamp(),
         blocked_until = greatest(blocked_until, clock_timestamp() + make_interval(secs => $4)),
         slowed_until = clock_timestamp() + make_interval(secs => $4 + ${SLOWED_SECONDS})
       where provider = $1 and key = $2`,
      [provider, key, requestsPerSecond, forMs / 1000],
    );
  }

  async #draw({ provider, key, want, requestsPerSecond }: RateLeaseRequest): Promise<RateLeaseReply> {
    const [bucket] = await this.database.acrossWorkspaces<{ granted: number; wait_ms: number }>(
      `with locked as (
         select *, clock_timestamp() as now from rate_bucket where provider = $1 and key = $2 for update),
       filled as (
         select now, coalesce(blocked_until > now, false) as blocked, blocked_until,
           case when slowed_until > now then $4::float8 / 2 else $4::float8 end as rate, tokens, updated_at from locked),
       available as (
         select *, least(greatest(rate, 1), tokens + rate * greatest(extract(epoch from now - updated_at)::float8, 0)) as level
         from filled),
       drawn as (
         select *, case when blocked then 0 else least(floor(level), $3::float8) end as granted from available)
       update rate_bucket b set tokens = d.level - d.granted, rate = d.rate, updated_at = d.now from drawn d
       where b.provider = $1 and b.key = $2
       returning d.granted::integer as granted, ceil(case
         when d.blocked then extract(epoch from d.blocked_until - d.now) * 1000
         when d.granted > 0 then 0 else (1 - d.level) / d.rate * 1000 end)::integer as wait_ms`,
      [provider, key, want, requestsPerSecond],
    );
    return { granted: bucket?.granted ?? 0, retryAfterMs: bucket?.wait_ms ?? 100 };
  }
}
