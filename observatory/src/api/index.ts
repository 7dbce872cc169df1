// The query API's table of contents.
export { type Api, createApi } from './api-app.ts';
