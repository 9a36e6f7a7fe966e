import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../api.context.js';
import type { List } from '../../api.types.js';
import { keys } from '../../queries.js';
import { Notice } from '../../ui/notice.js';

/** Asks which attribute says who a row is: without one no service can look a row up. */
export function IdentityForm({ list }: { readonly list: List }) {
  const api = useApi();
  const client = useQueryClient();
  const kinds = list.entityType === 'company' ? (['name', 'domain'] as const) : (['name', 'email'] as const);
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({});
  const save = useMutation({
    mutationFn: () => api.setIdentity(list.id, Object.fromEntries(Object.entries(chosen).filter(([, value]) => value))),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.lists }),
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Notice tone="warn">Say which attribute tells who a row is, so that services can look it up.</Notice>
      {kinds.map((kind) => (
        <label key={kind} className="field">
          <span>{{ name: 'Name', domain: 'Web domain', email: 'E-mail' }[kind]}</span>
          <select
            value={chosen[kind] ?? ''}
            onChange={(event) => setChosen((before) => ({ ...before, [kind]: event.target.value }))}
          >
            <option value="">None</option>
            {list.attributes.map((attribute) => (
              <option key={attribute}>{attribute}</option>
            ))}
          </select>
        </label>
      ))}
      {save.isError && <Notice tone="bad">{save.error.message}</Notice>}
      <div className="dialog-actions">
        <button
          type="submit"
          className="button button-primary"
          disabled={save.isPending || !Object.values(chosen).some(Boolean)}
        >
          Save
        </button>
      </div>
    </form>
  );
}
