import type { EntityProvider } from '../providers/provider-api.js';
import type { Dice } from './dice.js';

/** Shares of entities; well above what a list of 500 needs to hold 3 % known to nobody and 5 % to the second provider only. */
const KNOWN_TO_NOBODY = 0.1;
const KNOWN_TO_PDL_ONLY = 0.18;
const KNOWN_TO_LUSHA_ONLY = 0.08;
/** Share of attributes that a provider lacks on an entity it knows. */
const ATTRIBUTE_MISSING = 0.12;

/** Whether a provider knows the entity at all. */
export function isKnown(provider: EntityProvider, entity: Dice): boolean {
  const draw = entity.fraction('coverage');
  if (draw < KNOWN_TO_NOBODY) return false;
  if (draw < KNOWN_TO_NOBODY + KNOWN_TO_PDL_ONLY) return provider === 'pdl';
  if (draw < KNOWN_TO_NOBODY + KNOWN_TO_PDL_ONLY + KNOWN_TO_LUSHA_ONLY) return provider === 'lusha';
  return true;
}

/** Drops what this provider lacks on this entity. */
export function withGaps<Values extends object>(
  provider: EntityProvider,
  entity: Dice,
  values: Values,
): Partial<Values> {
  const kept = Object.entries(values).filter(
    ([attribute]) => entity.fraction(`gap ${provider} ${attribute}`) >= ATTRIBUTE_MISSING,
  );
  return Object.fromEntries(kept) as Partial<Values>;
}
