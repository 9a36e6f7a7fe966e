import type { ICellRendererComp, ICellRendererParams } from 'ag-grid-community';
import type { Cell, Row } from '../../api.types.js';
import { cellText } from './cell-text.js';
import { BLANK } from './merge-cells.js';

type Params = ICellRendererParams<Row, Cell>;

const element = (className: string): HTMLSpanElement => {
  const span = document.createElement('span');
  span.className = className;
  return span;
};

function linkElement(): HTMLAnchorElement {
  const link = document.createElement('a');
  Object.assign(link, {
    className: 'cell-link',
    target: '_blank',
    rel: 'noopener noreferrer',
    textContent: '↗',
    tabIndex: -1,
  });
  link.setAttribute('aria-label', 'Open the source in a new tab');
  // A click on the link is no click on the cell.
  link.addEventListener('click', (event) => event.stopPropagation());
  return link;
}

/**
 * One live cell. Plain DOM and no React: hundreds of them change within a tick while a job runs, and each is changed in
 * place.
 */
export class CellRenderer implements ICellRendererComp<Row> {
  readonly #root = element('cell');
  readonly #value = element('cell-value');
  readonly #note = element('cell-note');
  readonly #link = linkElement();
  #status: Cell['status'] = 'blank';

  init({ value }: Params): void {
    this.#root.append(this.#value, this.#note, this.#link);
    this.#show(value ?? BLANK);
  }

  getGui(): HTMLElement {
    return this.#root;
  }

  refresh({ value }: Params): boolean {
    const cell = value ?? BLANK;
    const arrived = this.#status === 'pending' && cell.status === 'filled';
    this.#show(cell);
    this.#root.classList.toggle('cell-arrived', arrived);
    return true;
  }

  #show(cell: Cell): void {
    const { value, note, href } = cellText(cell);
    this.#status = cell.status;
    this.#root.dataset['status'] = cell.status;
    this.#root.classList.toggle('cell-stale', cell.stale);
    this.#root.classList.toggle('cell-edited', cell.status === 'filled' && cell.edited === true);
    this.#value.textContent = value;
    this.#note.textContent = note;
    this.#link.hidden = href === undefined;
    if (href !== undefined) this.#link.href = href;
    if (cell.status === 'pending') this.#root.setAttribute('aria-label', `${value} (being filled)`.trim());
    else this.#root.removeAttribute('aria-label');
  }
}
