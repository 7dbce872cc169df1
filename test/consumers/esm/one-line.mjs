// An Express app as an ES module with the one line that traces it.

import { tracing } from '@longpole/express';
import express from 'express';
import { serve } from '../serve.cjs';

const app = express();
app.use(tracing({ service: 'orders' }));
serve(app, express);
