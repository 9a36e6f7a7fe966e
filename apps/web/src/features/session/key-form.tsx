import { useState } from 'react';
import { Notice } from '../../ui/notice.js';

interface KeyFormProps {
  readonly refused: boolean;
  readonly onKey: (key: string) => void;
}

/** Asks for the API key where the address brought none, or the one it brought is not accepted. */
export function KeyForm({ refused, onKey }: KeyFormProps) {
  const [key, setKey] = useState('');
  return (
    <main className="key-page">
      <form
        className="key-card"
        onSubmit={(event) => {
          event.preventDefault();
          if (key.trim()) onKey(key.trim());
        }}
      >
        <img src="/icon.svg" alt="" width={44} height={44} />
        <h1>Open your workspace</h1>
        <p className="soft">
          Paste an API key of the workspace. It stays in this tab and is forgotten when the tab closes.
        </p>
        {refused && <Notice tone="bad">This key is not accepted. It may have been revoked.</Notice>}
        <label className="field">
          <span>API key</span>
          <input
            type="password"
            autoComplete="off"
            spellCheck={false}
            autoFocus
            required
            value={key}
            onChange={(event) => setKey(event.target.value)}
          />
        </label>
        <button type="submit" className="button button-primary">
          Open
        </button>
      </form>
    </main>
  );
}
