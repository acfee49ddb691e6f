"""Side effects: what the workflow asks for by name, done with what each collaborator is given."""
