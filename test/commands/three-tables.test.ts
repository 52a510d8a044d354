import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect, test } from 'vitest'
import { BIN, type Ended, emptyFolder, file, plainEnv, ROOT } from '../support/helpers.ts'

/** The script that facilitators are given to copy. */
const SCRIPT =
  /```sh\n(#!\/bin\/sh[\s\S]*?)```/.exec(readFileSync(join(ROOT, 'guide', 'facilitators.md'), 'utf8'))?.[1] ??
  ''

/** A folder with the script, and the program on the path as if it had been installed. */
function room() {
  const folder = emptyFolder()
  file(folder, 'tables.sh', SCRIPT)
  mkdirSync(join(folder, 'bin'))
  file(folder, 'bin/pl-stories', `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`)
  chmodSync(join(folder, 'bin', 'pl-stories'), 0o755)
  const tables = (words: string[], input = ''): Promise<Ended> => {
    const env = plainEnv(folder)
    const child = spawn('sh', ['tables.sh', ...words], {
      cwd: folder,
      env: { ...env, PATH: `${join(folder, 'bin')}${delimiter}${env.PATH}` },
    })
    const ended: Ended = { code: null, out: '', err: '' }
    child.stdout.on('data', data => {
      ended.out += data
    })
    child.stderr.on('data', data => {
      ended.err += data
    })
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    return new Promise(resolve => child.on('close', code => resolve({ ...ended, code })))
  }
  return { folder, tables }
}

test('a facilitator prefills, checks, runs three tables and collects with one script', async () => {
  const { folder, tables } = room()
  expect(await tables(['prepare'])).toMatchObject({ code: 0, out: '' })
  expect(file(folder, 'table-2.md')).toContain('only: ["b"]')
  const said = { 1: 'Surveys\n.\n', 2: 'Policies\n- and practice\n.\n', 3: '.\nRelationships\n.\n' }
  for (const [table, input] of Object.entries(said))
    expect(await tables(['run', table], input)).toMatchObject({ code: 0, err: '' })
  const collected = await tables(['collect'])
  expect(collected).toMatchObject({ code: 0, err: '' })
  expect(collected.out.trim().split('\n')).toEqual(
    Array(3).fill('Equity Professional Learning Stories: 2 of 20 answered, 1 skipped, 17 open'),
  )
  expect(file(folder, 'collected/table-1.yaml')).toContain('  a.story.1: Surveys\n')
  expect(file(folder, 'collected/table-2.yaml')).toContain(
    '  b.story.1: |-\n    Policies\n    - and practice\n',
  )
  expect(file(folder, 'collected/table-3.yaml')).toContain('  c.story.2: Relationships\n')
})

test('a mistake in the prefilled answers stops the script before there is any table', async () => {
  const { folder, tables } = room()
  file(folder, 'tables.sh', SCRIPT.replace('  action: |-', '  acton: |-'))
  const { code, err } = await tables(['prepare'])
  expect(code).not.toBe(0)
  expect(err).toContain('prefill.yaml:3:3: the guide "ca-qpls-equity" has no question "acton"')
  expect(err).toContain('Did you mean "action"?')
  expect(() => file(folder, 'table-1.md')).toThrow('ENOENT')
})
