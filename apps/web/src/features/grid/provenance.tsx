import { formatValue } from '../../format.js';

/** Where a value came from, as the service recorded it: names and values, nested ones as lists. */
export function Provenance({ provenance }: { readonly provenance: unknown }) {
  if (provenance === null || provenance === undefined) return null;
  if (typeof provenance !== 'object') return <p className="soft">{formatValue(provenance)}</p>;
  const entries = Object.entries(provenance as Readonly<Record<string, unknown>>).filter(
    ([, value]) => value !== null && value !== '',
  );
  if (entries.length === 0) return null;
  const inList = Array.isArray(provenance);
  return (
    <dl className={inList ? 'provenance provenance-list' : 'provenance'}>
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{inList ? `${Number(name) + 1}.` : readable(name)}</dt>
          <dd>{typeof value === 'object' ? <Provenance provenance={value} /> : formatValue(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

const readable = (name: string): string => {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};
