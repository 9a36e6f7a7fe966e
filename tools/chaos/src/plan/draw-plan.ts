import { COMPANY_COUNT } from '../traffic/companies.js';
import { type ColumnSet, dataColumn, type PlannedColumn, sixColumns } from './columns.js';
import { Random } from './random.js';
import {
  type Fault,
  type FaultKind,
  type JobPlan,
  type PlannedAction,
  type PlannedFault,
  type Provider,
  type ProviderFault,
  PROVIDERS_OF,
  type RunPlan,
  type Step,
  STEPS,
  type Target,
  TARGETS_OF,
  type Trigger,
  type UndoMode,
} from './run-plan.js';

const MAX_CELLS = 250;
const MIN_ROWS = 30;
const CREDITS = 10_000;
/** Too few for the first fill of most lists, let alone a second. */
const SHORT_OF_CREDITS = 60;
const ATTRIBUTES = ['industry', 'employees', 'revenue', 'founded', 'country', 'city', 'website', 'description'];

/** How often each kind of fault is drawn, in parts. */
const WEIGHTS: readonly (readonly [FaultKind, number])[] = [
  ['kill', 10],
  ['pause', 5],
  ['kill-backend', 2],
  ['kill-all', 1],
  ['cut-connections', 3],
  ['provider', 4],
  ['expire-hold', 2],
  ['terminate', 1],
];

export interface DrawOptions {
  /** What the lists hold; data alone when absent. */
  readonly set?: ColumnSet;
  /** Kinds of faults to leave out. */
  readonly without?: readonly FaultKind[];
}

/** Draws the plan of one run of a campaign; it depends on the options too. */
export function drawPlan(seed: number, run: number, { set = 'data', without = [] }: DrawOptions = {}): RunPlan {
  const random = (part: string): Random => new Random(seed, run, part);
  const list = random('list');
  const columns = drawColumns(list, set);
  const rows = list.whole(MIN_ROWS, Math.floor(MAX_CELLS / columns.length));
  const jobs = drawJobs(random('jobs'));
  const actions = drawActions(random('actions'), jobs.length);
  const steps = stepsOf(actions);
  return {
    name: set === 'data' ? `seed ${seed}, run ${run}` : `seed ${seed}, ${set} columns, run ${run}`,
    sandboxSeed: list.whole(1, 1_000_000),
    companies: list.shuffled(Array.from({ length: COMPANY_COUNT }, (_, place) => place)).slice(0, rows),
    columns,
    latencyMs: list.whole(100, 500),
    credits: list.chance(0.05) ? SHORT_OF_CREDITS : CREDITS,
    refill: list.chance(0.35),
    knownToCrm: set === 'data' ? 0 : list.whole(0, 60) / 100,
    ...{ jobs, actions },
    faults: drawFaults(random('faults'), { jobs: jobs.length, steps, without, set }),
  };
}

function drawColumns(random: Random, set: ColumnSet): readonly PlannedColumn[] {
  if (set === 'data') return random.shuffled(ATTRIBUTES).slice(0, random.whole(1, 3)).map(dataColumn);
  const [first, ...others] = ATTRIBUTES.filter((attribute) => attribute !== 'industry');
  return sixColumns(random.pick([first ?? '', ...others]));
}

/** Few jobs but cancelled ones are undone. */
function stepsOf(actions: readonly PlannedAction[]): readonly [Step, ...Step[]] {
  const isCancelled = actions.some((action) => action.do === 'cancel');
  return isCancelled ? ['compensating', 'compensating', ...STEPS] : ['accepted', ...STEPS.slice(1, -1)];
}

function drawJobs(random: Random): JobPlan[] {
  const mode = (): UndoMode => random.pick(['rollback', 'keep']);
  const job = (workspace: 0 | 1): JobPlan => ({
    workspace,
    scope: random.pick(['all', 'all', 'missing', 'rows']),
    rowShare: random.whole(20, 90) / 100,
    onFailure: mode(),
    onCancel: mode(),
    overwriteEdits: random.chance(0.25),
    ceiling: random.chance(0.2) ? random.whole(20, 90) / 100 : 1,
  });
  return random.chance(0.35) ? [job(0), job(random.chance(0.5) ? 1 : 0)] : [job(0)];
}

function drawTrigger(random: Random, jobs: number, steps: readonly [Step, ...Step[]]): Trigger {
  const job = random.whole(0, jobs - 1);
  if (random.chance(0.5)) return { job, on: 'settled', share: random.whole(0, 95) / 100 };
  return { job, on: 'step', step: random.pick(steps) };
}

function drawActions(random: Random, jobs: number): PlannedAction[] {
  const share = (): number => random.whole(0, 99) / 100;
  const company = (): number => random.whole(0, COMPANY_COUNT - 1);
  const settled = (): Trigger => ({ job: random.whole(0, jobs - 1), on: 'settled', share: random.whole(0, 90) / 100 });
  const several = (most: number, make: () => PlannedAction): PlannedAction[] =>
    Array.from({ length: random.whole(0, most) }, make);
  const users: PlannedAction[] = random.chance(0.6)
    ? [
        ...several(4, () => ({ do: 'edit', row: share(), column: random.whole(0, 2), at: settled() })),
        ...several(2, () => ({ do: 'delete', row: share(), at: settled() })),
        ...several(2, () => ({ do: 'rename', row: share(), company: company(), at: settled() })),
        ...several(1, () => ({ do: 'insert', companies: [company(), company(), company()], at: settled() })),
      ]
    : [];
  const before = STEPS.slice(1, -1);
  return random.chance(0.4)
    ? [...users, { do: 'cancel', at: drawTrigger(random, jobs, ['accepted', ...before]) }]
    : users;
}

interface FaultFrame {
  readonly jobs: number;
  readonly steps: readonly [Step, ...Step[]];
  readonly without: readonly FaultKind[];
  readonly set: ColumnSet;
}

function drawFaults(random: Random, { jobs, steps, without, set }: FaultFrame): PlannedFault[] {
  const kinds = WEIGHTS.filter(([kind]) => !without.includes(kind)).flatMap(([kind, weight]) =>
    Array.from({ length: weight }, () => kind),
  );
  const [first, ...rest] = kinds;
  if (first === undefined) throw new Error('A campaign without any fault shows nothing');
  const drawn = Array.from({ length: random.whole(1, 4) }, (): PlannedFault => {
    const kind = random.pick([first, ...rest]);
    const at = drawTrigger(random, jobs, steps);
    // The moments between seal and capture are short; with billing slow they are met.
    return { ...drawFault(random, kind, set), at };
  });
  const firstKillOfAll = drawn.findIndex(({ kind }) => kind === 'kill-all');
  return drawn
    .filter(({ kind }, index) => kind !== 'kill-all' || index === firstKillOfAll)
    .flatMap((fault) => [...slowBilling(random, fault.at), fault]);
}

/** Before a fault that waits for a hold or a capture to be under way, half of the time. */
function slowBilling(random: Random, { job, ...at }: Trigger): PlannedFault[] {
  if (at.on !== 'step' || !(at.step === 'held' || at.step === 'sealed') || random.chance(0.5)) return [];
  const before: Trigger =
    at.step === 'held' ? { job, on: 'step', step: 'accepted' } : { job, on: 'settled', share: 0.1 };
  return [{ kind: 'pause', target: 'billing', seconds: random.whole(2, 4), at: before }];
}

function drawFault(random: Random, kind: FaultKind, set: ColumnSet): Fault {
  const target = (): Target => random.pick(TARGETS_OF[set]);
  switch (kind) {
    case 'kill':
      return { kind, target: target() };
    case 'pause':
    case 'away':
      return { kind, target: target(), seconds: random.whole(1, 6) };
    case 'provider':
      return { kind, faults: drawProviderFaults(random, set), seconds: random.whole(2, 8) };
    case 'kill-backend':
    case 'kill-all':
    case 'cut-connections':
    case 'expire-hold':
    case 'terminate':
      return { kind };
  }
}

/** What a provider can do without lying about a company: who lies changes what is true. */
const PROVIDER_FAULTS = [
  ...['server_error', 'rate_limited', 'reset_after_count', 'html_body', 'wrong_schema', 'oversized_body'],
  ...['latency', 'hang', 'slow_drip', 'unauthorized', 'out_of_credits'],
] as [string, ...string[]];
const FAILS_THE_PAGE = ['unauthorized', 'out_of_credits'];
const TAKES_TIME = ['latency', 'hang', 'slow_drip'];

function drawProviderFaults(random: Random, set: ColumnSet): ProviderFault[] {
  const one = (provider: Provider): ProviderFault => {
    const fault = random.pick(PROVIDER_FAULTS);
    const probability = FAILS_THE_PAGE.includes(fault) ? 0.3 : random.whole(3, 10) / 10;
    const ms = random.whole(300, 1_500);
    return { provider, fault, probability, ...(TAKES_TIME.includes(fault) && { params: { ms } }) };
  };
  const providers: readonly Provider[] = PROVIDERS_OF[set];
  return random
    .shuffled(providers)
    .slice(0, random.pick([1, 1, 2]))
    .map(one);
}
