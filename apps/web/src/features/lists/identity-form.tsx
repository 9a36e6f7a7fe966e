import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../api.context.js';
import type { EntityType, Identity, List } from '../../api.types.js';
import { keys } from '../../queries.js';
import { Notice } from '../../ui/notice.js';

interface IdentityFormProps {
  readonly list: List;
  readonly onSaved?: () => void;
}

type Part = keyof Identity;

/** What can tell who a row is, the surest last. */
const PARTS: Readonly<Record<EntityType, readonly { readonly part: Part; readonly title: string }[]>> = {
  company: [
    { part: 'name', title: 'Name' },
    { part: 'domain', title: 'Web domain' },
  ],
  contact: [
    { part: 'name', title: 'Name' },
    { part: 'domain', title: 'Web domain of the company' },
    { part: 'email', title: 'E-mail' },
  ],
};

/** Asks which attributes say who a row is: without one no service can look a row up. */
export function IdentityForm({ list, onSaved }: IdentityFormProps) {
  const api = useApi();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<Identity>(list.identity);
  const save = useMutation({
    mutationFn: () => api.setIdentity(list.id, Object.fromEntries(Object.entries(chosen).filter(([, value]) => value))),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.lists });
      onSaved?.();
    },
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {PARTS[list.entityType].map(({ part, title }) => (
        <label key={part} className="field">
          <span>{title}</span>
          <select
            value={chosen[part] ?? ''}
            onChange={(event) => setChosen((before) => ({ ...before, [part]: event.target.value }))}
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
