import type { StepPage } from '@uno/workflow-contracts';

export type EntityType = StepPage['entityType'];

/** What identifies an entity at a provider; `domain` of a contact is its company's. */
export interface EntityIdentity {
  readonly name?: string;
  /** Host name without scheme, `www.` and path. */
  readonly domain?: string;
  readonly email?: string;
}

const WHAT_IS_NEEDED: Readonly<Record<EntityType, string>> = {
  company: 'This row has neither a company name nor a domain to look up.',
  contact: 'This row has neither an email address nor a full name with a company domain to look up.',
};

/** Why {@link identityOf} found nothing, for people. */
export function describeMissingIdentity(entityType: EntityType): string {
  return WHAT_IS_NEEDED[entityType];
}

/**
 * Reads what identifies the entity from a row's inputs.
 *
 * @returns undefined when no provider could be asked: a company needs a name or a domain; a contact an email address, or
 * first and last name together with the company's domain.
 */
export function identityOf(
  entityType: EntityType,
  inputs: Readonly<Record<string, unknown>>,
): EntityIdentity | undefined {
  const name = textOf(inputs['name']);
  const domain = domainOf(inputs['domain']);
  const email = textOf(inputs['email'])?.toLowerCase();
  const known = { ...(name && { name }), ...(domain && { domain }) };
  if (entityType === 'company') return name || domain ? known : undefined;
  if (email?.includes('@')) return { ...known, email };
  return name?.includes(' ') && domain ? known : undefined;
}

function textOf(input: unknown): string | undefined {
  if (typeof input !== 'string' && typeof input !== 'number') return undefined;
  return String(input).trim().replace(/\s+/g, ' ') || undefined;
}

/** Lists hold domains as people paste them: with scheme, `www.`, a path or capital letters. */
function domainOf(input: unknown): string | undefined {
  const host = textOf(input)
    ?.toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
    .replace(/^www\./, '')
    .replace(/[/?#:\s].*$/, '')
    .replace(/\.$/, '');
  return host?.includes('.') ? host : undefined;
}
