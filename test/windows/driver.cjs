// Runs inside Wine, under Windows' own Node: starts the program with real pipes of Windows, one call a line of JSON.
const { spawn } = require('node:child_process')
const { connect } = require('node:net')
const { createInterface } = require('node:readline')

const socket = connect(Number(process.argv[2]), '127.0.0.1')
createInterface({ input: socket }).on('line', line => {
  const { id, words, folder, env, input } = JSON.parse(line)
  const child = spawn(process.execPath, words, {
    cwd: folder,
    // Without its own variables Windows starts nothing.
    env: { SystemRoot: process.env.SystemRoot, TEMP: process.env.TEMP, USERPROFILE: folder, ...env },
  })
  const said = { out: [], err: [] }
  child.stdout.on('data', piece => said.out.push(piece))
  child.stderr.on('data', piece => said.err.push(piece))
  child.stdin.on('error', () => {})
  child.stdin.end(Buffer.from(input, 'base64'))
  child.on('close', code => {
    const text = name => Buffer.concat(said[name]).toString('base64')
    socket.write(`${JSON.stringify({ id, code, out: text('out'), err: text('err') })}\n`)
  })
})
socket.on('close', () => process.exit())
