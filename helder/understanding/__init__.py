"""Understanding: Rasa graph components that turn a customer's words into intent and entities.

speller → encoder → classifier, and beside them language and entities. The components are thin;
what they do stands in modules that know nothing of Rasa.
"""
