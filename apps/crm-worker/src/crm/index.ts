export { CrmProvider } from './crm-provider.js';
export { fillCrm } from './fill-crm.js';
export { HubspotProvider } from './hubspot.provider.js';
export { revertCrm } from './revert-crm.js';
