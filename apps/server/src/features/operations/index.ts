export { createOperationsFeature } from './operations.routes.ts';
