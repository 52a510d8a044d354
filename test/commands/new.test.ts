import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { emptyFolder, file, plStories, ROOT } from '../support/helpers.ts'

const made = (folder: string, ...args: string[]) => plStories(['new', ...args], { folder })

describe('new', () => {
  test('never replaces a file, not even one that a link would make', async () => {
    const folder = emptyFolder()
    file(folder, 'mine.yaml', 'mine\n')
    symlinkSync('nowhere.yaml', join(folder, 'link.yaml'))
    for (const name of ['mine.yaml', 'link.yaml']) {
      const { code, err } = await made(folder, name)
      expect([code, err]).toEqual([2, `${name} already exists and was kept. Use another name.\n`])
    }
    expect(file(folder, 'mine.yaml')).toBe('mine\n')
    expect(existsSync(join(folder, 'nowhere.yaml'))).toBe(false)
  })

  test('gives a sentence where nothing can be written, and for a name that is not YAML', async () => {
    const folder = emptyFolder()
    expect(await made(folder, 'gone/mine.yaml')).toMatchObject({ code: 3, out: '' })
    expect(await made(folder, 'mine.md')).toMatchObject({
      code: 2,
      err: expect.stringContaining('mine.yaml'),
    })
    expect((await made(folder, 'guides/')).err).toContain('such as guides/my-guide.yaml.')
    expect(await made(folder, 'x.yaml', '--from', 'equity', '--plan', 'equity-60')).toMatchObject({ code: 2 })
  })

  test('names its file so that it can be typed', async () => {
    expect((await made(emptyFolder(), '--', '-mine.yaml')).err).toContain('check ./-mine.yaml\n')
  })

  // As yaml-language-server takes it: a file URL, or a path as the file system has it, up to a space or a "#".
  test('writes a first line with which editors find the schema, wherever the program is installed', () => {
    const folder = emptyFolder()
    const [own, program] = [join(folder, 'año'), join(folder, '#1 of 100%')]
    mkdirSync(own)
    for (const part of ['bin', 'dist/lib', 'guide', 'package.json'])
      cpSync(join(ROOT, part), join(program, part), { recursive: true })
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [join(program, 'bin', 'pl-stories.js'), ...args], {
        cwd: own,
        encoding: 'utf8',
      })
    expect(run('new', 'a b#c.yaml').status).toBe(0)
    const [, address = ''] =
      /^# yaml-language-server: \$schema=([^\s#]+)\n/.exec(file(own, 'a b#c.yaml')) ?? []
    expect(fileURLToPath(address)).toBe(join(program, 'guide', 'guide.schema.json'))
    expect(run('check', 'a b#c.yaml').stdout).toBe('a b#c.yaml: a guide, 8 questions: no problems found\n')
  })

  test('has a path from the file to the schema where that is enough', async () => {
    const folder = emptyFolder()
    expect((await made(folder, 'mine.yaml', '--plan', 'equity-60')).code).toBe(0)
    const [, address = ''] =
      /^# yaml-language-server: \$schema=(\.\.\/\S+)\n/.exec(file(folder, 'mine.yaml')) ?? []
    expect(address).toMatch(/walkthrough\.schema\.json$/)
    expect(existsSync(resolve(folder, address))).toBe(true)
  })
})
