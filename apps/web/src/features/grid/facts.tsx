import { formatValue, inWords } from '../../format.js';

/** What a service recorded, whatever it is: names and values, nested ones as lists. */
export function Facts({ of: facts }: { readonly of: unknown }) {
  if (facts === null || facts === undefined) return null;
  if (typeof facts !== 'object') return <p className="soft">{formatValue(facts)}</p>;
  const entries = Object.entries(facts as Readonly<Record<string, unknown>>).filter(
    ([, value]) => value !== null && value !== '',
  );
  if (entries.length === 0) return null;
  const inList = Array.isArray(facts);
  return (
    <dl className={inList ? 'facts facts-list' : 'facts'}>
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{inList ? `${Number(name) + 1}.` : inWords(name)}</dt>
          <dd>{typeof value === 'object' ? <Facts of={value} /> : formatValue(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
