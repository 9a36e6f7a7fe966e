// Jest loads this outside its module system, where TypeScript is unknown, so it takes what the build made.
export { startStack as default } from '../dist/stack-under-test.js';
