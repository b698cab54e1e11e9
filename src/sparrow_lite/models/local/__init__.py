"""Models of transformers on this machine: `loading` opens them, `prompt` fits a request, `model` writes."""
