#!/usr/bin/env node
const { load } = require('./load.js')

load()
  .run(process.argv.slice(2))
  .then(exitCode => {
    process.exitCode = exitCode
  })
