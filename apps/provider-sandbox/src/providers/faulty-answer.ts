import type { CompanyRecord, ContactRecord } from '../data/directory.js';
import type { Fault, FaultOf } from '../faults/fault.js';
import type {
  Answer,
  AnswerSource,
  Inquiry,
  ItemFault,
  Knowledge,
  ProviderApi,
  ProviderRoute,
} from './provider-api.js';

/** The faults that answer in time, with JSON, and wrong. */
type LyingFault = FaultOf<'wrong_schema' | 'empty_result' | 'partial_batch' | 'item_error'>;

const LYING: ReadonlySet<Fault['fault']> = new Set(['wrong_schema', 'empty_result', 'partial_batch', 'item_error']);

export function isLying(fault: Fault | undefined): fault is LyingFault {
  return fault !== undefined && LYING.has(fault.fault);
}

interface Question {
  readonly api: ProviderApi;
  readonly route: ProviderRoute;
  readonly inquiry: Inquiry;
  readonly source: AnswerSource;
}

/** What the route answers under `fault`. */
export function faultyAnswer({ api, route, inquiry, source }: Question, fault: LyingFault): Answer {
  switch (fault.fault) {
    case 'wrong_schema': {
      const answer = inquiry.answer(source);
      const refused = (answer.status ?? 200) >= 400;
      return refused ? answer : route.misshape(answer, fault.params.part ?? api.wrongParts[0]);
    }
    case 'empty_result': {
      const directory = fault.params.of === 'matches' ? NOTHING : withoutValues(source.directory);
      return inquiry.answer({ ...source, directory, empty: true });
    }
    case 'partial_batch':
      return inquiry.answer({ ...source, itemFault: firstItems(inquiry, fault.params.share, 'left_out') });
    case 'item_error':
      return inquiry.answer({
        ...source,
        itemFault: firstItems(inquiry, fault.params.share, { code: fault.params.code }),
      });
  }
}

/** Hits the first items, as many as the share says, at least one. */
function firstItems({ lookUps }: Inquiry, share: number, fault: ItemFault): (index: number) => ItemFault | undefined {
  const failing = Math.max(1, Math.round(lookUps.length * share));
  return (index) => (index < failing ? fault : undefined);
}

const NOTHING: Knowledge = {
  company: () => undefined,
  contact: () => undefined,
  signals: () => [],
  promptValue: () => '',
};

function withoutValues(directory: Knowledge): Knowledge {
  const emptied = <Entity extends CompanyRecord | ContactRecord>(record: Entity | undefined): Entity | undefined =>
    record && { ...record, values: {} };
  return {
    company: (provider, key) => emptied(directory.company(provider, key)),
    contact: (provider, key) => emptied(directory.contact(provider, key)),
    signals: () => [],
    promptValue: () => '',
  };
}
