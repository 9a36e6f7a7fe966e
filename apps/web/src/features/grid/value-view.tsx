import { describeObject, formatValue } from '../../format.js';
import { Facts } from './facts.js';

/** The value of a cell in full: a line, a link where it names an address, and what else is in it. */
export function ValueView({ value }: { readonly value: unknown }) {
  if (typeof value !== 'object' || value === null) {
    return <p className="inspected-value">{formatValue(value) || <span className="soft">No value</span>}</p>;
  }
  const { headline, day, href, rest } = describeObject(value);
  const isListed = Object.keys(rest).length === Object.keys(value).length;
  if (isListed && !Array.isArray(value)) return <Facts of={value} />;
  return (
    <div>
      <p className="inspected-value">
        {href ? (
          <a href={href} target="_blank" rel="noopener noreferrer">
            {headline}
          </a>
        ) : (
          headline || 'Nothing'
        )}
      </p>
      {day && <p className="soft">{day}</p>}
      <Facts of={rest} />
    </div>
  );
}
