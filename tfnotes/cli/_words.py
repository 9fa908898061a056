"""What the command line says in two languages, in one place; errors stay English."""

from tfnotes.language import Words

CLAIM = Words("claim", "论断")
SAID = Words("what the notes say", "笔记怎么说")
VERDICT = Words("verdict", "判定")
CONDITION = Words("when, or what instead", "何时成立，或应当怎么说")
NOT_MEASURED = Words("Not yet measured, {count}: {names}", "尚未测量的 {count} 条：{names}")
