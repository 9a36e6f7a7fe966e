import type { IHeaderComp, IHeaderParams } from 'ag-grid-community';

interface Params extends IHeaderParams {
  readonly onEdit: () => void;
}

/** The title of a column that a service fills, and a button that edits the column; Alt and Down on the header does too. */
export class ColumnHeader implements IHeaderComp {
  readonly #root = document.createElement('div');
  readonly #title = document.createElement('span');
  readonly #button = document.createElement('button');
  #onEdit: () => void = () => undefined;

  init(params: Params): void {
    this.#root.className = 'column-header';
    this.#title.className = 'column-title';
    Object.assign(this.#button, { type: 'button', className: 'column-menu', textContent: '⋯', tabIndex: -1 });
    this.#button.addEventListener('click', () => this.#onEdit());
    this.#root.append(this.#title, this.#button);
    this.refresh(params);
  }

  getGui(): HTMLElement {
    return this.#root;
  }

  refresh({ displayName, onEdit }: Params): boolean {
    this.#title.textContent = displayName;
    this.#button.title = `Edit column ${displayName}`;
    this.#button.setAttribute('aria-label', `Edit column ${displayName}`);
    this.#onEdit = onEdit;
    return true;
  }

  /** With the next one: what the grid asks of a header that has a menu, and calls for the keys that open it. */
  getAnchorElementForMenu(): HTMLElement {
    return this.#button;
  }

  onMenuKeyboardShortcut(): boolean {
    this.#onEdit();
    return true;
  }
}
