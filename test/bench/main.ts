import { keysTable } from './keys.ts'
import { saveTable } from './save.ts'

console.log(['A key and a paste, from the keyboard to the screen:', ...(await keysTable())].join('\n'))
console.log(
  ['', 'A save, beside the bare write, fsync, rename and fsync of the folder:', ...(await saveTable())].join(
    '\n',
  ),
)
