// The query API's table of contents.
export { type ApiOptions, createApi } from './api-app.ts';
