// An Express app in CommonJS that knows nothing of tracing.

const express = require('express');
const { serve } = require('../serve.cjs');

serve(express(), express);
