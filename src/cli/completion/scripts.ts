export const SHELLS: readonly Shell[] = ['bash', 'zsh', 'fish'];
export type Shell = 'bash' | 'zsh' | 'fish';

/** What makes a shell ask golive itself, so that it knows what this version knows. Each candidate is a line: the word, a tab, what it is. */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `_golive() {
  local IFS=$'\\n' line
  COMPREPLY=()
  for line in $(golive __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null); do
    COMPREPLY+=("\${line%%$'\\t'*}")
  done
}
complete -o default -F _golive golive`,
  zsh: `#compdef golive
_golive() {
  local -a lines
  lines=("\${(@f)$(golive __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  lines=(\${lines%%$'\\t'*})
  if (( \${#lines} )); then compadd -a lines; else _files; fi
}
compdef _golive golive`,
  fish: `complete -c golive -f -a '(golive __complete -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
complete -c golive -l playbook -l home -rF`,
};
