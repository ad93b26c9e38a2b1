"""What designers write, checked without Rasa: data/, domain.yml and the dialogue scripts."""
