import { MAX_EFFECTS_PER_CALL, type Effect } from '@uno/workflow-contracts';

/** A request to the effect journal stays far below the server's limit. */
const MAX_BATCH_CHARACTERS = 1_000_000;

/** Effects in their order, in batches that one request to the journal takes. */
export function effectBatches(effects: readonly Effect[]): Effect[][] {
  const batches: Effect[][] = [];
  let batch: Effect[] = [];
  let characters = 0;
  for (const effect of effects) {
    const weight = JSON.stringify(effect).length;
    if (batch.length === MAX_EFFECTS_PER_CALL || (batch.length > 0 && characters + weight > MAX_BATCH_CHARACTERS)) {
      batches.push(batch);
      batch = [];
      characters = 0;
    }
    batch.push(effect);
    characters += weight;
  }
  return batch.length === 0 ? batches : [...batches, batch];
}
