import { createContext, use, useCallback, useMemo, useState } from 'react';
import type { ReactNode } from 'react';

export interface Toast {
  readonly tone: 'good' | 'bad';
  readonly text: string;
}

const ToastContext = createContext<(toast: Toast) => void>(() => undefined);
const SHOWN_FOR_MS = 6_000;

/** Shows a short message at the edge of the page; it is also read out. */
export const useToast = (): ((toast: Toast) => void) => use(ToastContext);

export function Toasts({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly (Toast & { readonly id: string })[]>([]);
  const dismiss = useCallback((id: string) => setToasts((shown) => shown.filter((toast) => toast.id !== id)), []);
  const show = useCallback(
    (toast: Toast) => {
      const id = crypto.randomUUID();
      setToasts((shown) => [...shown.slice(-3), { ...toast, id }]);
      setTimeout(() => dismiss(id), SHOWN_FOR_MS);
    },
    [dismiss],
  );
  const list = useMemo(
    () =>
      toasts.map(({ id, tone, text }) => (
        <div key={id} className={`toast toast-${tone}`}>
          <span>{text}</span>
          <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => dismiss(id)}>
            ×
          </button>
        </div>
      )),
    [toasts, dismiss],
  );
  return (
    <ToastContext value={show}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {list}
      </div>
    </ToastContext>
  );
}
