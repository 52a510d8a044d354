import { describe, expect, test } from 'vitest'
import { commandLine } from '../../src/storage/locate.ts'

/* The variables are those that the package managers were seen to set for a program they run. */
const PROJECT = '/home/kim/my work'
const WAYS: [how: string, env: Record<string, string>, told: string][] = [
  ['installed with npm i -g', {}, 'pl-stories'],
  [
    'npm start in a copy of the folder',
    {
      npm_lifecycle_event: 'start',
      npm_package_name: 'pl-stories',
      npm_package_json: '/home/kim/pl-stories/package.json',
      npm_config_user_agent: 'npm/11.19.1 node/v20.20.2 linux x64 workspaces/false',
    },
    'npm start --prefix /home/kim/pl-stories --',
  ],
  [
    'npx',
    {
      npm_command: 'exec',
      npm_lifecycle_event: 'npx',
      npm_config_user_agent: 'npm/11.19.1 node/v20.20.2 linux x64 workspaces/false',
      INIT_CWD: PROJECT,
    },
    'npx pl-stories',
  ],
  [
    'pnpm exec',
    {
      npm_command: 'exec',
      npm_config_user_agent: 'pnpm/12.21.0 npm/? node/? linux x64',
      INIT_CWD: PROJECT,
    },
    "pnpm -C '/home/kim/my work' exec pl-stories",
  ],
  [
    'pnpm dlx',
    { npm_command: 'dlx', npm_config_user_agent: 'pnpm/12.21.0 npm/? node/? linux x64', INIT_CWD: PROJECT },
    'pnpm dlx pl-stories',
  ],
  [
    'yarn',
    { npm_config_user_agent: 'yarn/4.18.1 npm/? node/v20.20.2 linux x64', INIT_CWD: PROJECT },
    "yarn --cwd '/home/kim/my work' pl-stories",
  ],
  [
    'yarn dlx',
    {
      npm_config_user_agent: 'yarn/4.18.1 npm/? node/v20.20.2 linux x64',
      INIT_CWD: '/tmp/xfs-4b627e7d/dlx-15109',
    },
    'yarn dlx pl-stories',
  ],
  [
    'bunx',
    { npm_lifecycle_event: 'bunx', npm_config_user_agent: 'bun/1.4.5 npm/? node/v26.3.0 linux x64' },
    'bunx pl-stories',
  ],
  [
    'deno',
    { npm_config_user_agent: 'deno/2.9.6 npm/? deno/2.9.6 linux x86_64' },
    'deno run -A npm:pl-stories',
  ],
  [
    'the single executable file',
    { PL_STORIES_EXECUTABLE: '/opt/my tools/pl-stories' },
    "'/opt/my tools/pl-stories'",
  ],
  [
    'a script of a project that npm runs',
    { npm_lifecycle_event: 'notes', npm_config_user_agent: 'npm/11.19.1 node/v20.20.2 linux x64' },
    'pl-stories',
  ],
]

describe('the command that continues is one that works where the program came from', () => {
  test.each(WAYS)('%s', (_, env, told) => {
    expect(commandLine(['--notes', '/home/kim/n.md'], env, 'linux')).toBe(`${told} --notes /home/kim/n.md`)
  })
})
