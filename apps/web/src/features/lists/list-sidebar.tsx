import type { List } from '../../api.types.js';
import { formatCount } from '../../format.js';

interface ListSidebarProps {
  readonly lists: readonly List[] | undefined;
  readonly selected: string | undefined;
  readonly onSelect: (listId: string) => void;
  readonly onNew: () => void;
}

export function ListSidebar({ lists, selected, onSelect, onNew }: ListSidebarProps) {
  return (
    <nav className="sidebar" aria-label="Lists">
      <div className="brand">
        <img src="/icon.svg" alt="" width={26} height={26} />
        <span>Uno</span>
      </div>
      <div className="sidebar-title">
        <h2>Lists</h2>
        <button type="button" className="icon-button" aria-label="New list" title="New list" onClick={onNew}>
          +
        </button>
      </div>
      <ul className="list-links">
        {lists?.map((list) => (
          <li key={list.id}>
            <button
              type="button"
              className="list-link"
              aria-current={list.id === selected ? 'page' : undefined}
              onClick={() => onSelect(list.id)}
            >
              <span className="list-link-name">{list.name}</span>
              <span className="list-link-size">{describeSize(list)}</span>
            </button>
          </li>
        ))}
      </ul>
      {lists === undefined && <p className="soft sidebar-note">Loading lists…</p>}
    </nav>
  );
}

const UNITS = { company: ['company', 'companies'], contact: ['contact', 'contacts'] } as const;

/** `1 company`, `503 companies`. */
export const describeSize = ({ rowCount, entityType }: List): string =>
  `${formatCount(rowCount)} ${UNITS[entityType][rowCount === 1 ? 0 : 1]}`;
