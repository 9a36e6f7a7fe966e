import type { Column, List } from '../../api.types.js';
import { useServices } from '../../queries.js';
import { Dialog } from '../../ui/dialog.js';
import { Notice } from '../../ui/notice.js';
import { ColumnForm } from './column-form.js';

interface EditColumnDialogProps {
  readonly list: List;
  readonly column: Column;
  readonly onClose: () => void;
}

/** Changes the name or the configuration of a column, in the form that it was made with. */
export function EditColumnDialog({ list, column, onClose }: EditColumnDialogProps) {
  const services = useServices();
  const service = services.data?.find(({ id }) => id === column.service);
  return (
    <Dialog title={`Edit column: ${column.name}`} onClose={onClose}>
      {services.isPending && <p className="soft">Loading the catalogue…</p>}
      {services.isError && <Notice tone="bad">{services.error.message}</Notice>}
      {services.data && !service && (
        <Notice tone="warn">The service that fills this column is no longer registered.</Notice>
      )}
      {service && <ColumnForm list={list} service={service} column={column} onBack={onClose} onSaved={onClose} />}
    </Dialog>
  );
}
