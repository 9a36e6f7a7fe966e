import type { UserAction } from '../plan/run-plan.js';
import { companyAt } from './companies.js';
import type { Tenant } from './tenant.js';

/** Does what a user does meanwhile, and asks again until it is acknowledged. @returns whether it was done. */
export async function act(tenant: Tenant, jobId: string, action: UserAction): Promise<boolean> {
  switch (action.do) {
    case 'cancel':
      return tenant.cancel(jobId);
    case 'edit': {
      const columnId = tenant.columnIds[action.column % tenant.columnIds.length];
      return columnId !== undefined && (await tenant.edit(rowAt(tenant, action.row), columnId, 'Edited meanwhile'));
    }
    case 'rename':
      return tenant.rename(rowAt(tenant, action.row), companyAt(action.company));
    case 'delete':
      return tenant.delete(rowAt(tenant, action.row));
    case 'insert':
      return tenant.insert(action.companies.map((place) => ({ name: companyAt(place) })));
  }
}

function rowAt({ rowIds }: Tenant, share: number): string {
  return rowIds[Math.floor(rowIds.length * share)] ?? '';
}
