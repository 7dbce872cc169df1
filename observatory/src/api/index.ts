// The query API's table of contents.
export { createApi } from './api-app.ts';
