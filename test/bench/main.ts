import { keysTable } from './keys.ts'

console.log(['A key and a paste, from the keyboard to the screen:', ...(await keysTable())].join('\n'))
