#!/usr/bin/env node
import module from 'node:module'

// From Node 22 on, what was compiled is kept for the next start.
module.enableCompileCache?.()
const { run } = await import('../dist/lib/cli.js')
process.exitCode = await run(process.argv.slice(2))
