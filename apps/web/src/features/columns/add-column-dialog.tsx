import { useState } from 'react';
import type { Column, List, Service } from '../../api.types.js';
import { useServices } from '../../queries.js';
import { Dialog } from '../../ui/dialog.js';
import { Notice } from '../../ui/notice.js';
import { IdentityForm } from '../lists/identity-form.js';
import { ColumnForm } from './column-form.js';
import { ServiceCards } from './service-cards.js';

interface AddColumnDialogProps {
  readonly list: List;
  readonly onClose: () => void;
  readonly onCreated: (column: Column) => void;
}

/** Adds a column: first the service, then its configuration in a form made from the service's own schema. */
export function AddColumnDialog({ list, onClose, onCreated }: AddColumnDialogProps) {
  const services = useServices();
  const [service, setService] = useState<Service>();
  const identified = Object.values(list.identity).some(Boolean);
  return (
    <Dialog title={service ? `Add a column: ${service.title}` : 'Add a column'} onClose={onClose}>
      {!identified && (
        <div className="stack">
          <Notice tone="warn">Say which attributes tell who a row is, so that services can look it up.</Notice>
          <IdentityForm list={list} />
        </div>
      )}
      {identified && services.isPending && <p className="soft">Loading the catalogue…</p>}
      {identified && services.isError && <Notice tone="bad">{services.error.message}</Notice>}
      {identified && services.data && !service && (
        <ServiceCards list={list} services={services.data} onChoose={setService} />
      )}
      {identified && service && (
        <ColumnForm list={list} service={service} onBack={() => setService(undefined)} onSaved={onCreated} />
      )}
    </Dialog>
  );
}
