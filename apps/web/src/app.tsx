import { QueryCache, QueryClientProvider } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { ApiProblem, createApi } from './api.js';
import { ApiContext } from './api.context.js';
import { KeyForm } from './features/session/key-form.js';
import { forgetSessionKey, keepSessionKey, takeSessionKey } from './features/session/session-key.js';
import { createQueryClient } from './queries.js';
import { Toasts } from './ui/toasts.js';
import { Workspace } from './workspace.js';

/** The page: a workspace where the key is good, otherwise a form that asks for one. */
export function App() {
  const [key, setKey] = useState(takeSessionKey);
  const [refused, setRefused] = useState(false);
  const open = useCallback((given: string) => {
    keepSessionKey(given);
    setRefused(false);
    setKey(given);
  }, []);
  const refuse = useCallback(() => {
    forgetSessionKey();
    setRefused(true);
    setKey(null);
  }, []);
  if (key === null) return <KeyForm refused={refused} onKey={open} />;
  return <Session key={key} apiKey={key} onRefused={refuse} />;
}

function Session({ apiKey, onRefused }: { readonly apiKey: string; readonly onRefused: () => void }) {
  const api = useMemo(() => createApi(apiKey), [apiKey]);
  const client = useMemo(
    () =>
      createQueryClient(
        new QueryCache({
          onError: (error) => (error instanceof ApiProblem && error.status === 401 ? onRefused() : undefined),
        }),
      ),
    [onRefused],
  );
  return (
    <ApiContext value={api}>
      <QueryClientProvider client={client}>
        <Toasts>
          <Workspace />
        </Toasts>
      </QueryClientProvider>
    </ApiContext>
  );
}
