export { stopStack as default } from '../dist/stack-under-test.js';
