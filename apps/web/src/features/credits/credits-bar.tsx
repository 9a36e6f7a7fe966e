import { formatCount } from '../../format.js';
import { useCredits } from '../../queries.js';

/** The credits of the workspace: what can be spent, what running jobs hold, what has been spent. */
export function CreditsBar() {
  const { data: credits, isError } = useCredits();
  const figures = [
    ['Available', credits?.available],
    ['Held', credits?.held],
    ['Spent', credits?.spent],
  ] as const;
  return (
    <dl className="credits" aria-label="Credits" title={isError ? 'Credits could not be read' : undefined}>
      {figures.map(([name, amount]) => (
        <div key={name} className={`credit credit-${name.toLowerCase()}`}>
          <dt>{name}</dt>
          <dd>{amount === undefined ? '–' : formatCount(amount)}</dd>
        </div>
      ))}
    </dl>
  );
}
