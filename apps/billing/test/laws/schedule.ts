import fc from 'fast-check';

/** One request, the passing of a hold's time, or the crash of a connection in use. Targets are indexes, so that a command means something in any state. */
export interface Command {
  readonly kind: 'grant' | 'hold' | 'capture' | 'refund' | 'close' | 'renew' | 'expire' | 'crash';
  /** Idempotency key; `undefined` means one that nobody else uses. */
  readonly key: string | undefined;
  /** How many callers send it at the same moment with the same key. */
  readonly callers: number;
  readonly amount: number;
  readonly reference: string;
  /** Which of the holds or captures that exist. */
  readonly target: number;
  readonly cells: readonly string[];
}

/** Waves that follow each other; the commands of a wave run at the same time. */
export type Schedule = readonly (readonly Command[])[];

const kind = fc.oneof(
  { weight: 1, arbitrary: fc.constant('grant' as const) },
  { weight: 3, arbitrary: fc.constant('hold' as const) },
  { weight: 5, arbitrary: fc.constant('capture' as const) },
  { weight: 3, arbitrary: fc.constant('refund' as const) },
  { weight: 2, arbitrary: fc.constant('close' as const) },
  { weight: 1, arbitrary: fc.constant('renew' as const) },
  { weight: 1, arbitrary: fc.constant('expire' as const) },
  { weight: 1, arbitrary: fc.constant('crash' as const) },
);

// Few names, so that keys, references and cell versions collide.
const command: fc.Arbitrary<Command> = fc.record({
  kind,
  key: fc.option(fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5', 'k6'), { nil: undefined, freq: 3 }),
  callers: fc.constantFrom(1, 1, 1, 2, 3),
  amount: fc.integer({ min: 0, max: 12 }),
  reference: fc.constantFrom('job_1', 'job_2', 'job_3'),
  target: fc.nat(20),
  cells: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), { minLength: 1, maxLength: 4 }),
});

/** Schedules of 2 to 4 waves with 4 to 10 commands each. */
export const schedules: fc.Arbitrary<Schedule> = fc.array(fc.array(command, { minLength: 4, maxLength: 10 }), {
  minLength: 2,
  maxLength: 4,
});
